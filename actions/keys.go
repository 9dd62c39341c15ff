package actions

// What AWS encrypts under a key of the account it reads and writes with the
// permissions of the caller, and mostly by a grant that it creates in the caller's name.
// Without them an instance starts and stops again at once. Of these permissions EC2's
// DryRun says nothing, and they are not simulated: IAM decides them by the key, of which
// a look knows nothing.
var (
	// ebsKeys are what a user needs for encrypted volumes (EBS User Guide, requirements for
	// EBS encryption, permissions for users). IAM knows ReEncrypt as two actions.
	ebsKeys = []string{"kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"}
	// rdsKeys are what a user needs for databases and their snapshots (RDS User Guide, AWS
	// KMS key management, authorizing use of a customer managed key), and for Redshift,
	// which too acts for the user who changes a cluster (Redshift Management Guide,
	// authorizing use of a customer managed key).
	rdsKeys = []string{"kms:CreateGrant", "kms:DescribeKey"}
	// dynamoDBKeys are what a user needs for tables (DynamoDB Developer Guide, encryption
	// at rest, authorizing use of your KMS key).
	dynamoDBKeys = []string{
		"kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
		"kms:ReEncryptFrom", "kms:ReEncryptTo",
	}
)

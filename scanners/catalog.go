package scanners

import (
	"slices"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Catalog is every Scanner, sorted by type.
var Catalog = []Scanner{
	ami,
	autoScalingGroup,
	backupVault,
	logGroup,
	docDBCluster,
	docDBInstance,
	dynamoDBTable,
	ebsSnapshot,
	ebsVolume,
	ec2Instance,
	ecsCluster,
	ecsService,
	efsFileSystem,
	eksCluster,
	eksNodegroup,
	emrCluster,
	elastiCacheCluster,
	elastiCacheReplicationGroup,
	elastiCacheServerless,
	elasticIP,
	fsxFileSystem,
	firehoseStream,
	glueJob,
	iamAccessKey,
	iamGroup,
	iamPolicy,
	iamRole,
	iamUser,
	internetGateway,
	kinesisStream,
	lambdaFunction,
	launchTemplate,
	lightsailInstance,
	loadBalancer,
	mskCluster,
	memoryDBCluster,
	natGateway,
	neptuneCluster,
	neptuneInstance,
	networkInterface,
	openSearchDomain,
	rdsCluster,
	rdsInstance,
	rdsSnapshot,
	redshiftCluster,
	reservedInstance,
	s3Bucket,
	sageMakerEndpoint,
	sageMakerNotebook,
	savingsPlan,
	securityGroup,
	spotRequest,
	subnet,
	targetGroup,
	transitGateway,
	transitGatewayAttachment,
	vpc,
	vpcEndpoint,
	vpnConnection,
	workspace,
}

// Find returns the Scanner of t.
func Find(t tracker.Type) (Scanner, bool) {
	i := slices.IndexFunc(Catalog, func(s Scanner) bool { return s.Type == t })
	if i < 0 {
		return Scanner{}, false
	}
	return Catalog[i], true
}

// Types describes every type of the Catalog. Verbs are left empty: actions know
// them.
func Types() []tracker.TypeInfo {
	infos := make([]tracker.TypeInfo, 0, len(Catalog))
	for _, s := range Catalog {
		scope := "regional"
		if s.Global {
			scope = "global"
		}
		infos = append(infos, tracker.TypeInfo{
			Type:        s.Type,
			Service:     s.Service,
			Scope:       scope,
			Permissions: slices.Clone(s.Permissions),
			Verbs:       []string{},
		})
	}
	return infos
}

package scanners

import (
	"slices"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Catalog is every Scanner, sorted by type.
var Catalog = []Scanner{
	acmCertificate,
	ami,
	apiGatewayHTTP,
	apiGatewayREST,
	athenaWorkGroup,
	autoScalingGroup,
	backupVault,
	batchComputeEnvironment,
	clientVPNEndpoint,
	cloudFormationStack,
	cloudFrontDistribution,
	cloudTrailTrail,
	cloudWatchAlarm,
	logGroup,
	codeBuildProject,
	cognitoUserPool,
	customerGateway,
	daxCluster,
	dmsReplicationInstance,
	docDBCluster,
	docDBInstance,
	dynamoDBTable,
	ebsSnapshot,
	ebsVolume,
	ec2CapacityReservation,
	ec2DedicatedHost,
	ec2Instance,
	ec2KeyPair,
	ecrRepository,
	ecsCluster,
	ecsService,
	ecsTaskDefinition,
	efsFileSystem,
	eksCluster,
	eksNodegroup,
	emrCluster,
	elastiCacheCluster,
	elastiCacheReplicationGroup,
	elastiCacheServerless,
	elasticIP,
	eventBridgeBus,
	eventBridgeRule,
	fsxFileSystem,
	fsxVolume,
	firehoseStream,
	glueJob,
	iamAccessKey,
	iamGroup,
	iamInstanceProfile,
	iamPolicy,
	iamRole,
	iamUser,
	internetGateway,
	kmsKey,
	kinesisStream,
	lambdaFunction,
	lambdaLayer,
	launchTemplate,
	lightsailDatabase,
	lightsailInstance,
	loadBalancer,
	mqBroker,
	mskCluster,
	mediaLiveChannel,
	memoryDBCluster,
	natGateway,
	neptuneCluster,
	neptuneInstance,
	networkACL,
	networkInterface,
	openSearchDomain,
	other,
	rdsCluster,
	rdsInstance,
	rdsSnapshot,
	redshiftCluster,
	reservedInstance,
	route53Zone,
	routeTable,
	s3Bucket,
	s3DirectoryBucket,
	snsTopic,
	sqsQueue,
	ssmParameter,
	sageMakerEndpoint,
	sageMakerNotebook,
	savingsPlan,
	secret,
	securityGroup,
	spotRequest,
	stepFunction,
	subnet,
	targetGroup,
	transferServer,
	transitGateway,
	transitGatewayAttachment,
	vpc,
	vpcEndpoint,
	vpcPeeringConnection,
	vpnConnection,
	vpnGateway,
	wafWebACL,
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

// actions are the IAM actions that a policy for the type allows, sorted.
func (s Scanner) actions() []string {
	return slices.Sorted(slices.Values(slices.Concat(s.Permissions, s.Optional)))
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
			Service:     s.Service.Prefix,
			Scope:       scope,
			Permissions: s.actions(),
			Verbs:       []string{},
			Details:     s.details(),
		})
	}
	return infos
}

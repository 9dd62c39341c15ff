package scanners

import (
	"slices"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Catalog is every Scanner, sorted by type.
var Catalog = []Scanner{
	acmCertificate,
	apiGatewayHTTP,
	apiGatewayREST,
	cloudFormationStack,
	cloudFrontDistribution,
	cloudWatchAlarm,
	logGroup,
	cognitoUserPool,
	customerGateway,
	ebsVolume,
	ec2CapacityReservation,
	ec2DedicatedHost,
	ec2Instance,
	ec2KeyPair,
	ecrRepository,
	elasticIP,
	eventBridgeBus,
	eventBridgeRule,
	iamRole,
	iamUser,
	kmsKey,
	lambdaFunction,
	lambdaLayer,
	lightsailDatabase,
	loadBalancer,
	natGateway,
	networkACL,
	other,
	rdsInstance,
	route53Zone,
	routeTable,
	s3Bucket,
	snsTopic,
	sqsQueue,
	ssmParameter,
	secret,
	stepFunction,
	vpcPeeringConnection,
	vpnGateway,
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

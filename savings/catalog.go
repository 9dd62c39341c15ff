package savings

import "slices"

// Catalog is every Rule, sorted by name.
var Catalog = []Rule{
	addressOnIdleInterface,
	addressOnStoppedInstance,
	auroraIOOptimized,
	bucketAllStandard,
	bucketWithoutLifecycle,
	databaseIO1ToGP3,
	disabledKey,
	downVPNConnection,
	eksExtendedSupport,
	emptyDedicatedHost,
	emptyECSCluster,
	emptyEKSCluster,
	emptyHostedZone,
	emptyLoadBalancer,
	gp2ToGP3,
	gravitonCache,
	gravitonDatabase,
	gravitonInstance,
	idleAddress,
	idleCache,
	idleDatabase,
	idleInstance,
	idleInterfaceEndpoint,
	idleLoadBalancer,
	idleModelEndpoint,
	idleNATGateway,
	idleStream,
	idleTableCapacity,
	idleWarehouse,
	incompleteUploads,
	io1ToGP3,
	logGroupWithoutRetention,
	oldDatabaseSnapshot,
	oldSnapshot,
	orphanDatabaseSnapshot,
	orphanSnapshot,
	oversizedDatabaseStorage,
	oversizedFunction,
	oversizedInstance,
	previousGenerationDatabase,
	previousGenerationInstance,
	rdsExtendedSupport,
	staleAlarm,
	staleRepository,
	stoppedDatabase,
	stoppedInstanceStorage,
	stoppedLightsailInstance,
	unattachedVolume,
	unmountedFileSystem,
	unroutedNATGateway,
	unusedCapacityReservation,
	unusedImage,
	unusedSecret,
	unusedWorkspace,
	x86Function,
}

// Find returns the Rule of a name.
func Find(name string) (Rule, bool) {
	i := slices.IndexFunc(Catalog, func(r Rule) bool { return r.Name == name })
	if i < 0 {
		return Rule{}, false
	}
	return Catalog[i], true
}

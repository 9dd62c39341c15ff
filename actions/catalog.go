package actions

import (
	"cmp"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// verbs is every Action but tagging, sorted by type and verb.
var verbs = []Action{
	amiDelete,
	autoScalingGroupDelete,
	parkedGroup.park(),
	autoScalingGroupScale,
	parkedGroup.unpark(),
	logGroupDelete,
	logGroupSetRetention,
	dynamoDBTableDelete,
	dynamoDBTableRestore,
	ebsSnapshotDelete,
	ebsVolumeDelete,
	ebsVolumeRestore,
	ebsVolumeToGP2,
	ebsVolumeToGP3,
	ec2InstanceReboot,
	ec2InstanceStart,
	ec2InstanceStop,
	ec2InstanceTerminate,
	ecsClusterDelete,
	ecsServiceDelete,
	parkedService.park(),
	ecsServiceScale,
	parkedService.unpark(),
	efsFileSystemDelete,
	parkedNodes.park(),
	parkedNodes.unpark(),
	elastiCacheClusterDelete,
	elasticIPDelete,
	iamAccessKeyActivate,
	iamAccessKeyDeactivate,
	lambdaFunctionDelete,
	loadBalancerDelete,
	natGatewayDelete,
	rdsClusterDelete,
	rdsClusterStart,
	rdsClusterStop,
	rdsInstanceDelete,
	rdsInstanceReboot,
	rdsInstanceRestore,
	rdsInstanceStart,
	rdsInstanceStop,
	redshiftClusterDelete,
	redshiftClusterPause,
	redshiftClusterResume,
	s3BucketDelete,
	snsTopicDelete,
	sqsQueueDelete,
	secretDelete,
	secretRestore,
	targetGroupDelete,
}

// catalog is every Action, sorted by type and verb.
var catalog = slices.SortedFunc(slices.Values(slices.Concat(verbs, tagActions())), compare)

func compare(a, b Action) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Verb, b.Verb))
}

// Catalog describes every Action, sorted by type and verb.
func Catalog() []tracker.ActionInfo {
	infos := make([]tracker.ActionInfo, len(catalog))
	for i, a := range catalog {
		infos[i] = a.Info()
	}
	return infos
}

// Find returns the Action of a type that a verb or one of its aliases names, in
// whatever case.
func Find(t tracker.Type, verb string) (Action, bool) {
	verb = strings.ToLower(verb)
	i := slices.IndexFunc(catalog, func(a Action) bool {
		return a.Type == t && (a.Verb == verb || slices.Contains(a.Aliases, verb))
	})
	if i < 0 {
		return Action{}, false
	}
	return catalog[i], true
}

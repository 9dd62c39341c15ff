package savings_test

import "github.com/consolesensei/resource-tracker/tracker"

func volume(kind string, gb, iops int, days int, instances ...string) tracker.Resource {
	state := "available"
	if len(instances) > 0 {
		state = "in-use"
	}
	return res("EBS_Volume", "vol-1", state, days, m{"volume_type": kind, "size_gb": int64(gb), "iops": int64(iops), "attached_to": instances})
}

func instance(id, kind, state string) tracker.Resource {
	return res("EC2_Instance", id, state, 400, m{
		"instance_type": kind, "lifecycle": "on-demand", "platform": "Linux/UNIX", "architecture": "x86_64", "image_id": "ami-used", "volumes": []string{"vol-1"},
	})
}

// stopped is an instance that was stopped some days ago.
func stopped(id string, days int) tracker.Resource {
	return with(instance(id, "m5.large", "stopped"), "state_transition_reason", "User initiated ("+ago(days).Format("2006-01-02 15:04:05")+" GMT)")
}

func snapshot(id, volume string, days int) tracker.Resource {
	return res("EBS_Snapshot", id, "completed", days, m{"size_gb": int64(100), "volume_id": volume})
}

func image(days int, snapshots ...string) tracker.Resource {
	return res("AMI", "ami-1", "available", days, m{"snapshot_ids": snapshots, "public": false, "deregistration_protection": "disabled"})
}

func address(state, instance string) tracker.Resource {
	return res("Elastic_IP", "eipalloc-1", state, -1, m{"public_ip": "203.0.113.7", "associated_instance": instance})
}

func scan(rs ...tracker.Resource) []tracker.Resource { return rs }

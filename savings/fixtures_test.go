package savings_test

import (
	"maps"

	"github.com/consolesensei/resource-tracker/tracker"
)

func volume(kind string, gb, iops int, days int, instances ...string) tracker.Resource {
	state := "available"
	if len(instances) > 0 {
		state = "in-use"
	}
	return res("EBS_Volume", "vol-1", state, days, m{"volume_type": kind, "size_gb": int64(gb), "iops": int64(iops), "attached_to": instances, "deleted_with": instances})
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

func database(class, state string, metadata m) tracker.Resource {
	r := res("RDS_Instance", "db-1", state, 400, m{
		"engine": "postgres", "engine_version": "16.4", "instance_class": class, "allocated_storage_gb": int64(100), "storage_type": "gp3", "multi_az": false,
	})
	maps.Copy(r.Metadata, metadata)
	return r
}

func balancer(kind string, metadata m) tracker.Resource {
	arn := map[string]string{"application": "app/web/50dc6c495c0c9188", "network": "net/web/50dc6c495c0c9188", "classic": "web"}[kind]
	arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/" + arn
	r := res("Load_Balancer", arn, "active", 100, m{"type": kind, "target_groups": []map[string]any{{"name": "a"}}, "instances": []string{}})
	r.ARN = arn
	maps.Copy(r.Metadata, metadata)
	return r
}

func gateway(state string, days int) tracker.Resource {
	return res("NAT_Gateway", "nat-1", state, days, m{"allocation_ids": []string{"eipalloc-1"}, "vpc_id": "vpc-1"})
}

func cache(engine, node string, metadata m) tracker.Resource {
	r := res("ElastiCache_Cluster", "cache-1", "available", 100, m{"engine": engine, "node_type": node, "node_count": int64(1)})
	maps.Copy(r.Metadata, metadata)
	return r
}

func function(architecture string, memory int) tracker.Resource {
	r := res("Lambda_Function", "arn:aws:lambda:us-east-1:123456789012:function:resize", "active", -1, m{
		"architectures": []string{architecture}, "memory_mb": int64(memory), "runtime": "python3.13",
	})
	r.ARN = r.ID
	return r
}

func bucket(gb int, classes ...string) tracker.Resource {
	const gib = 1 << 30
	sizes := map[string]int64{}
	for _, c := range classes {
		sizes[c] = int64(gb) * gib / int64(len(classes))
	}
	return res("S3_Bucket", "logs", "active", 100, m{"size_bytes": int64(gb) * gib, "size_gb": float64(gb), "storage_classes": sizes})
}

// values are metrics by name.
type values = map[string][]float64

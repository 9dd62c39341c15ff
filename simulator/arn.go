package simulator

import "strings"

// arnOf returns a resource's ARN.
func (e *estate) arnOf(k kind, n int) string {
	region := e.regionOf(k, n)
	switch k {
	case instances:
		return e.arn("ec2", region, "instance/"+e.ec2ID(k, n))
	case volumes:
		return e.arn("ec2", region, "volume/"+e.ec2ID(k, n))
	case addresses:
		return e.arn("ec2", region, "elastic-ip/"+e.ec2ID(k, n))
	case natGateways:
		return e.arn("ec2", region, "natgateway/"+e.ec2ID(k, n))
	case snapshots: // can be given to all, and name no account
		return "arn:aws:ec2:" + region + "::snapshot/" + e.ec2ID(k, n)
	case images:
		return "arn:aws:ec2:" + region + "::image/" + e.ec2ID(k, n)
	case buckets:
		return "arn:aws:s3:::" + e.bucketName(n)
	case databases:
		return e.arn("rds", region, "db:"+e.name(k, n))
	case functions:
		return e.arn("lambda", region, "function:"+e.name(k, n))
	case loadBalancers:
		return e.loadBalancerARN(n)
	case logGroups:
		return e.arn("logs", region, "log-group:"+e.logGroupName(n, region))
	case users:
		return "arn:aws:iam::" + e.account + ":user/" + e.userName(n)
	case topics:
		return e.arn("sns", region, e.name(k, n))
	case tables:
		return e.arn("dynamodb", region, "table/"+e.name(k, n))
	case accessKeys: // AWS gives them none
		return ""
	case roles:
		return "arn:aws:iam::" + e.account + ":role" + e.rolePath(n) + e.name(k, n)
	}
	return ""
}

// findARN is the inverse of arnOf for the kinds that the tagging API knows.
func (e *estate) findARN(arn string) (k kind, n int, ok bool) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 {
		return 0, 0, false
	}
	service, region, resource := parts[2], parts[3], parts[5]
	name := resource[strings.IndexAny(resource, ":/")+1:]
	switch service {
	case "ec2":
		known, is := ec2KindOf(name)
		if bits, ok := parseHex17(known.prefix, name); is && ok {
			n, ok = e.find(known.kind, bits)
			return known.kind, n, ok && e.arnOf(known.kind, n) == arn
		}
	case "s3":
		k = buckets
		n, ok = e.bucketNamed(resource)
	case "rds":
		k = databases
		n, ok = e.named(k, name)
	case "lambda":
		k = functions
		n, ok = e.named(k, name)
	case "elasticloadbalancing":
		k = loadBalancers
		n, ok = e.loadBalancerOf(arn)
	case "sns":
		k = topics
		n, ok = e.named(k, name)
	case "dynamodb":
		k = tables
		n, ok = e.named(k, name)
	case "logs":
		k = logGroups
		n, ok = e.logGroupNamed(name, region)
	}
	return k, n, ok && e.arnOf(k, n) == arn
}

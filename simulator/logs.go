package simulator

import (
	"strings"

	"github.com/consolesensei/resource-tracker/internal/aws/cloudwatchlogs"
	"github.com/consolesensei/resource-tracker/internal/aws/cloudwatchlogs/types"
)

var logsOperations = operations{
	"DeleteLogGroup":        handle(deleteLogGroup),
	"DeleteRetentionPolicy": handle(deleteRetentionPolicy),
	"DescribeLogGroups":     handle(describeLogGroups),
	"ListTagsForResource":   handle(listLogTags),
	"PutRetentionPolicy":    handle(putRetentionPolicy),
}

// logGroupName returns a log group's name. A region's first ones belong to its
// functions, one each.
func (e *estate) logGroupName(n int, region string) string {
	lo, _ := e.span(logGroups, region)
	flo, fhi := e.span(functions, region)
	if f := flo + n - lo; f < fhi {
		return "/aws/lambda/" + e.name(functions, f)
	}
	return []string{"/ecs/", "/app/", "/aws/codebuild/", "/aws/rds/instance/"}[n%4] + e.name(logGroups, n)
}

// logGroupNamed is the inverse of logGroupName.
func (e *estate) logGroupNamed(name, region string) (n int, ok bool) {
	lo, hi := e.span(logGroups, region)
	if f, ok := strings.CutPrefix(name, "/aws/lambda/"); ok {
		flo, _ := e.span(functions, region)
		fn, ok := e.named(functions, f)
		n = lo + fn - flo
		return n, ok && n >= lo && n < hi
	}
	n, ok = lastNumber(name)
	return n, ok && n >= lo && n < hi && e.logGroupName(n, region) == name
}

var logsPaging = paging{least: 1, most: 50, standard: 50}

func describeLogGroups(r *request, in *cloudwatchlogs.DescribeLogGroupsInput) (*cloudwatchlogs.DescribeLogGroupsOutput, error) {
	size, ok := logsPaging.size(in.Limit)
	switch {
	case !ok:
		return nil, r.refuse(400, "InvalidParameterException", "1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50", *in.Limit)
	case in.LogGroupNamePrefix != nil && in.LogGroupNamePattern != nil:
		return nil, r.refuse(400, "InvalidParameterException", "LogGroupNamePrefix and LogGroupNamePattern are mutually exclusive parameters.")
	case len(in.LogGroupIdentifiers) > maxIdentifiers:
		return nil, r.refuse(400, "InvalidParameterException", "1 validation error detected: Value at 'logGroupIdentifiers' failed to satisfy constraint: Member must have length less than or equal to 50")
	case len(in.LogGroupIdentifiers) > 0 && (in.LogGroupNamePrefix != nil || in.LogGroupNamePattern != nil || in.LogGroupClass != ""):
		return nil, r.refuse(400, "InvalidParameterException", "LogGroupIdentifiers cannot be specified with other filters.")
	case len(in.LogGroupIdentifiers) > 0:
		return r.logGroupsNamed(in.LogGroupIdentifiers), nil
	}
	lo, hi := r.estate.span(logGroups, r.Region)
	from, ok := r.position(in.NextToken, lo)
	if !ok {
		return nil, r.refuse(400, "InvalidParameterException", "The specified nextToken is invalid.")
	}
	list, next := page(from, hi, size, func(n int) (types.LogGroup, bool) {
		if _, there := r.estate.alive(logGroups, n, r.now); !there {
			return types.LogGroup{}, false
		}
		v := r.logGroup(n)
		return v, (in.LogGroupNamePrefix == nil || strings.HasPrefix(*v.LogGroupName, *in.LogGroupNamePrefix)) &&
			(in.LogGroupNamePattern == nil || strings.Contains(*v.LogGroupName, *in.LogGroupNamePattern)) &&
			(in.LogGroupClass == "" || v.LogGroupClass == in.LogGroupClass)
	})
	return &cloudwatchlogs.DescribeLogGroupsOutput{LogGroups: list, NextToken: r.token(next, hi)}, nil
}

// maxIdentifiers is how many log groups a call may ask for by name.
const maxIdentifiers = 50

// logGroupsNamed describes log groups by their names; what there is not is left out.
func (r *request) logGroupsNamed(names []string) *cloudwatchlogs.DescribeLogGroupsOutput {
	out := &cloudwatchlogs.DescribeLogGroupsOutput{LogGroups: []types.LogGroup{}}
	for _, name := range names {
		if n, err := r.logGroupOf(name); err == nil {
			out.LogGroups = append(out.LogGroups, r.logGroup(n))
		}
	}
	return out
}

// listLogTags answers for one log group.
func listLogTags(r *request, in *cloudwatchlogs.ListTagsForResourceInput) (*cloudwatchlogs.ListTagsForResourceOutput, error) {
	k, n, ok := r.estate.findARN(*in.ResourceArn)
	if _, there := r.estate.alive(k, n, r.now); !ok || !there || k != logGroups || r.estate.regionOf(k, n) != r.Region {
		return nil, r.refuse(400, "ResourceNotFoundException", "The specified log group does not exist.")
	}
	tags := map[string]string{}
	for _, m := range r.tagged(k, n).Tags {
		tags[*m.Key] = *m.Value
	}
	return &cloudwatchlogs.ListTagsForResourceOutput{Tags: tags}, nil
}

// logGroup makes a log group. Half keep their events for ever.
func (r *request) logGroup(n int) types.LogGroup {
	e := r.estate
	d := e.dice(logGroups, n, forDetail)
	name := e.logGroupName(n, r.Region)
	arn := e.arn("logs", r.Region, "log-group:"+name)
	v := types.LogGroup{
		LogGroupName:      &name,
		LogGroupArn:       &arn,
		Arn:               new(arn + ":*"),
		CreationTime:      new(e.created(logGroups, n).UnixMilli()),
		LogGroupClass:     types.LogGroupClassStandard,
		MetricFilterCount: new(int32(0)),
		StoredBytes:       new(int64(d.below(1<<31)) << d.below(6)),
	}
	if d.below(2) == 0 {
		v.RetentionInDays = new([]int32{7, 14, 30, 90, 365}[d.below(5)])
	}
	if d.below(8) == 0 {
		v.StoredBytes = new(int64(0))
	}
	if days := e.changeOf(logGroups, n).retention; days != nil {
		v.RetentionInDays = days
		if *days == 0 {
			v.RetentionInDays = nil
		}
	}
	return v
}

// logGroupOf finds a log group of the called region.
func (r *request) logGroupOf(name string) (n int, err error) {
	n, ok := r.estate.logGroupNamed(name, r.Region)
	if ok {
		_, ok = r.estate.alive(logGroups, n, r.now)
	}
	if !ok {
		return 0, r.refuse(400, "ResourceNotFoundException", "The specified log group does not exist.")
	}
	return n, nil
}

// changeLogGroup applies a change to a log group.
func (r *request) changeLogGroup(name string, apply func(*change)) error {
	n, err := r.logGroupOf(name)
	if err == nil {
		r.estate.change(logGroups, n, name, apply)
	}
	return err
}

func deleteLogGroup(r *request, in *cloudwatchlogs.DeleteLogGroupInput) (*cloudwatchlogs.DeleteLogGroupOutput, error) {
	return &cloudwatchlogs.DeleteLogGroupOutput{}, r.changeLogGroup(*in.LogGroupName, vanish(r.now))
}

func retain(days int32) func(*change) {
	return func(c *change) { c.retention = &days }
}

func putRetentionPolicy(r *request, in *cloudwatchlogs.PutRetentionPolicyInput) (*cloudwatchlogs.PutRetentionPolicyOutput, error) {
	return &cloudwatchlogs.PutRetentionPolicyOutput{}, r.changeLogGroup(*in.LogGroupName, retain(*in.RetentionInDays))
}

func deleteRetentionPolicy(r *request, in *cloudwatchlogs.DeleteRetentionPolicyInput) (*cloudwatchlogs.DeleteRetentionPolicyOutput, error) {
	return &cloudwatchlogs.DeleteRetentionPolicyOutput{}, r.changeLogGroup(*in.LogGroupName, retain(0))
}

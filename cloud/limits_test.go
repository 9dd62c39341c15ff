package cloud

import (
	"strings"
	"testing"
)

func TestParseLimits(t *testing.T) {
	for _, tt := range []struct {
		name, setting, service, operation string
		bucket                            string
		perSecond                         float64
		burst                             int
	}{
		{"default of a service", "", "ec2", "DescribeVolumes", "ec2:DescribeVolumes", 16, 80},
		{"default of all", "", "workspaces", "DescribeWorkspaces", "workspaces:DescribeWorkspaces", 10, 20},
		{"shared bucket", "", "ecs", "DescribeClusters", "ecs:cluster-read", 16, 40},
		{"one API", "ec2:DescribeInstances=20/100", "ec2", "DescribeInstances", "ec2:DescribeInstances", 20, 100},
		{"its neighbour", "ec2:DescribeInstances=20/100", "ec2", "DescribeVolumes", "ec2:DescribeVolumes", 16, 80},
		{"burst left out", " logs:DescribeLogStreams=2.5 ,, ", "logs", "DescribeLogStreams", "logs:DescribeLogStreams", 2.5, 3},
		{"a service keeps its bucket", "elasticloadbalancing:*=3/4", "elasticloadbalancing", "DescribeTags", "elasticloadbalancing", 3, 4},
		{"everything else", "*=1/2", "workspaces", "DescribeWorkspaces", "workspaces:DescribeWorkspaces", 1, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			limits, err := ParseLimits(tt.setting)
			if err != nil {
				t.Fatal(err)
			}
			bucket, limit := limits.For(tt.service, tt.operation)
			if bucket != tt.bucket || limit.PerSecond != tt.perSecond || limit.Burst != tt.burst {
				t.Errorf("got %s %g/%d", bucket, limit.PerSecond, limit.Burst)
			}
		})
	}
}

func TestParseLimitsRefuses(t *testing.T) {
	for _, setting := range []string{
		"ec2", "ec2=5", "EC2:DescribeInstances=5", "ec2:*", "ec2:*=0", "ec2:*=-1", "ec2:*=NaN", "ec2:*=Inf", "ec2:*=5/0", "ec2:*=5/x", "ec2:*=5/6/7",
	} {
		if _, err := ParseLimits("logs:*=1," + setting); err == nil || !strings.Contains(err.Error(), setting) {
			t.Errorf("%s: %v", setting, err)
		}
	}
}

func TestDefaultLimitsAreUsable(t *testing.T) {
	for pattern, limit := range DefaultLimits() {
		if !limitPattern.MatchString(pattern) || limit.PerSecond <= 0 || limit.Burst < 1 {
			t.Errorf("%s: %+v", pattern, limit)
		}
	}
}

// TestOnlyGuessesLearn: a rate that AWS documents, or that a person sets, stays.
func TestOnlyGuessesLearn(t *testing.T) {
	limits, err := ParseLimits("iam:GetUser=5")
	if err != nil {
		t.Fatal(err)
	}
	for pattern, limit := range limits {
		if guessed := pattern == "*" || pattern == "iam:*"; guessed != (limit.Most > limit.PerSecond) {
			t.Errorf("%s: %+v", pattern, limit)
		}
	}
}

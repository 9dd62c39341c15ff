package savings

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Thresholds are where rules begin to find. 0 stands for the default.
type Thresholds struct {
	UnattachedVolumeDays int `json:"unattached_volume_days,omitempty"`
	StoppedInstanceDays  int `json:"stopped_instance_days,omitempty"`
	OldSnapshotDays      int `json:"old_snapshot_days,omitempty"`
	UnusedImageDays      int `json:"unused_image_days,omitempty"`
	UnusedSecretDays     int `json:"unused_secret_days,omitempty"`
	UnusedDays           int `json:"unused_days,omitempty"`
	IdleImagesDays       int `json:"idle_images_days,omitempty"`
	MetricDays           int `json:"metric_days,omitempty"`
	MinMetricDays        int `json:"min_metric_days,omitempty"`
	IdleCPUPercent       int `json:"idle_cpu_percent,omitempty"`
	IdleNetworkMBPerDay  int `json:"idle_network_mb_per_day,omitempty"`
	LowCPUPercent        int `json:"low_cpu_percent,omitempty"`
	IdleRequestsPerDay   int `json:"idle_requests_per_day,omitempty"`
	FreeStoragePercent   int `json:"free_storage_percent,omitempty"`
	LowCapacityPercent   int `json:"low_capacity_percent,omitempty"`
	LowMemoryPercent     int `json:"low_memory_percent,omitempty"`
	LogRetentionDays     int `json:"log_retention_days,omitempty"`
	LogGroupGB           int `json:"log_group_gb,omitempty"`
	BucketGB             int `json:"bucket_gb,omitempty"`
}

// limit is one threshold: its default and what is allowed.
type limit struct {
	name            string
	field           func(*Thresholds) *int
	standard        int
	lowest, highest int
	doc             string
}

var limits = []limit{
	{"unattached_volume_days", func(t *Thresholds) *int { return &t.UnattachedVolumeDays }, 7, 1, 3650, "age of an unattached volume"},
	{"stopped_instance_days", func(t *Thresholds) *int { return &t.StoppedInstanceDays }, 30, 1, 3650, "how long an instance has been stopped"},
	{"old_snapshot_days", func(t *Thresholds) *int { return &t.OldSnapshotDays }, 90, 1, 3650, "age of a snapshot"},
	{"unused_image_days", func(t *Thresholds) *int { return &t.UnusedImageDays }, 90, 1, 3650, "age of an image, and since its last launch"},
	{"unused_secret_days", func(t *Thresholds) *int { return &t.UnusedSecretDays }, 90, 1, 3650, "since a secret was last read"},
	{"unused_days", func(t *Thresholds) *int { return &t.UnusedDays }, 30, 1, 3650, "how long anything else has not been used"},
	{"idle_images_days", func(t *Thresholds) *int { return &t.IdleImagesDays }, 180, 1, 3650, "since a repository was last pulled from and pushed to"},
	{"metric_days", func(t *Thresholds) *int { return &t.MetricDays }, 14, 1, 90, "days of metrics to look at"},
	{"min_metric_days", func(t *Thresholds) *int { return &t.MinMetricDays }, 7, 1, 90, "days with values that a metric needs to be judged by"},
	{"idle_cpu_percent", func(t *Thresholds) *int { return &t.IdleCPUPercent }, 5, 1, 100, "highest CPU use of an idle instance"},
	{"idle_network_mb_per_day", func(t *Thresholds) *int { return &t.IdleNetworkMBPerDay }, 5, 1, 1_000_000, "most network traffic of an idle instance, in and out each"},
	{"low_cpu_percent", func(t *Thresholds) *int { return &t.LowCPUPercent }, 40, 1, 100, "99th percentile of the CPU use of an instance that is too large"},
	{"idle_requests_per_day", func(t *Thresholds) *int { return &t.IdleRequestsPerDay }, 100, 1, 1_000_000, "most requests or flows of an idle load balancer"},
	{"free_storage_percent", func(t *Thresholds) *int { return &t.FreeStoragePercent }, 60, 1, 99, "share of a database's storage that was never used"},
	{"low_capacity_percent", func(t *Thresholds) *int { return &t.LowCapacityPercent }, 20, 1, 99, "share of a table's capacity that its busiest day used"},
	{"low_memory_percent", func(t *Thresholds) *int { return &t.LowMemoryPercent }, 50, 1, 99, "share of a function's memory that it used at most"},
	{"log_retention_days", func(t *Thresholds) *int { return &t.LogRetentionDays }, 30, 1, 3653, "retention that log groups without one are to get"},
	{"log_group_gb", func(t *Thresholds) *int { return &t.LogGroupGB }, 1, 1, 1_000_000, "size of a log group"},
	{"bucket_gb", func(t *Thresholds) *int { return &t.BucketGB }, 100, 1, 1_000_000_000, "size of a bucket"},
}

// Validate names each threshold that is out of range, and its range.
func (t Thresholds) Validate() error {
	var wrong []string
	for _, l := range limits {
		if v := *l.field(&t); v != 0 && (v < l.lowest || v > l.highest) {
			wrong = append(wrong, fmt.Sprintf("%s is %d and has to be from %d to %d", l.name, v, l.lowest, l.highest))
		}
	}
	if v := t.withDefaults(); len(wrong) == 0 && v.MinMetricDays > v.MetricDays {
		wrong = append(wrong, fmt.Sprintf("min_metric_days is %d and has to be at most metric_days, which is %d", v.MinMetricDays, v.MetricDays))
	}
	if len(wrong) > 0 {
		return fmt.Errorf("thresholds: %s", strings.Join(wrong, "; "))
	}
	return nil
}

func (t Thresholds) withDefaults() Thresholds {
	for _, l := range limits {
		if p := l.field(&t); *p == 0 {
			*p = l.standard
		}
	}
	return t
}

// fill puts the thresholds into a text that names them as {name}.
func (t Thresholds) fill(text string) string {
	for _, l := range limits {
		text = strings.ReplaceAll(text, "{"+l.name+"}", strconv.Itoa(*l.field(&t)))
	}
	return text
}

const (
	mib = 1 << 20
	gib = 1 << 30
)

// money is a price per unit that no resource stands for.
func money(perUnit float64, units float64) *tracker.Money {
	m := tracker.Dollars(perUnit * units)
	return &m
}

package savings

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
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
	MinSavingCents       int `json:"min_saving_cents,omitempty"`
}

// Limit is one threshold: its default and what is allowed.
type Limit struct {
	Name            string
	field           func(*Thresholds) *int
	Default         int
	Lowest, Highest int
	Doc             string
}

// Limits returns every threshold.
func Limits() []Limit { return slices.Clone(limits) }

var limits = []Limit{
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
	{"min_saving_cents", func(t *Thresholds) *int { return &t.MinSavingCents }, 1, 1, 1_000_000, "least saving a month of what is changed rather than ended"},
}

// retentions are those that CloudWatch Logs takes (PutRetentionPolicy).
var retentions = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

// Validate names each threshold that is out of range, and its range.
func (t Thresholds) Validate() error {
	var wrong []string
	for _, l := range limits {
		if v := *l.field(&t); v != 0 && (v < l.Lowest || v > l.Highest) {
			wrong = append(wrong, fmt.Sprintf("%s is %d and has to be from %d to %d", l.Name, v, l.Lowest, l.Highest))
		}
	}
	if v := t.LogRetentionDays; v != 0 && !slices.Contains(retentions, v) {
		wrong = append(wrong, fmt.Sprintf("log_retention_days is %d and has to be one of %s", v, strings.Trim(fmt.Sprint(retentions), "[]")))
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
			*p = l.Default
		}
	}
	return t
}

// fill puts the thresholds into a text that names them as {name}.
func (t Thresholds) fill(text string) string {
	for _, l := range limits {
		text = strings.ReplaceAll(text, "{"+l.Name+"}", strconv.Itoa(*l.field(&t)))
	}
	return text
}

const (
	mib = 1 << 20
	gib = 1 << 30
)

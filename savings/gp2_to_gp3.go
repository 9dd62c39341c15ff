package savings

import "github.com/consolesensei/resource-tracker/tracker"

var gp2ToGP3 = Rule{
	Name:      "gp2_to_gp3",
	Title:     "gp2 volume would cost less as gp3",
	Condition: "A volume is of type gp2.",
	Types:     []tracker.Type{"EBS_Volume"},
	Effect:    Retype,
	Verb:      "to_gp3",
	Saving:    "the volume's cost as gp2 less its cost as gp3 with the IOPS and the throughput that gp2 gives at its size",
	Risk:      "low",
	RiskNote:  "The volume is changed while in use, and is slower until AWS has optimised it. It cannot be changed again for six hours.",
	Check: func(c *Case) *Match {
		if c.Metadata.Text("volume_type") != "gp2" {
			return nil
		}
		if _, ok := c.Metadata.Number("size_gb"); !ok {
			return c.unknown("the size of the volume is not known")
		}
		after := c.fixed(nil)
		return &Match{
			Saving:   c.fix(nil),
			Evidence: with(c.facts("size_gb", "volume_type", "iops", "attached_to"), "gp3_iops", after.Metadata["iops"], "gp3_throughput_mbps", after.Metadata["throughput_mbps"]),
		}
	},
}

// What a gp3 volume of any size has (EBS user guide).
const (
	gp3IOPS       = 3000
	gp3Throughput = 125
)

func gp3(iops, throughput float64) tracker.Metadata {
	return tracker.Metadata{"volume_type": "gp3", "iops": int64(iops), "throughput_mbps": int64(throughput)}
}

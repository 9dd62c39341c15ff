package savings

import "github.com/consolesensei/resource-tracker/tracker"

var io1ToGP3 = Rule{
	Name:      "io1_to_gp3",
	Title:     "Volume with provisioned IOPS would cost less as gp3",
	Condition: "A volume is of type io1 or io2 and has no more IOPS than 16,000, which every gp3 volume can have, and is not for several instances at once.",
	Types:     []tracker.Type{"EBS_Volume"},
	Effect:    Retype,
	Saving:    "the volume's cost as it is less its cost as gp3 with the same IOPS and a throughput of IOPS × 256 KiB, up to 500 MiB/s",
	Risk:      "medium",
	RiskNote:  "io1 answers with less latency, and io2 is also more durable. No verb changes it: the volume is modified by hand.",
	Check: func(c *Case) *Match {
		if t := c.Metadata.Text("volume_type"); t != "io1" && t != "io2" || c.Metadata.Flag("multi_attach") {
			return nil
		}
		iops, ok := c.Metadata.Number("iops")
		if !ok {
			return c.unknown("the IOPS of the volume are not known")
		}
		if iops > 16_000 {
			return nil
		}
		needed, throughput := max(iops, gp3IOPS), min(max(iops/4, gp3Throughput), 500)
		return &Match{
			Saving:   c.as("gp3", gp3(needed, throughput)),
			Evidence: with(c.facts("size_gb", "volume_type", "iops", "attached_to"), "gp3_iops", needed, "gp3_throughput_mbps", throughput),
		}
	},
}

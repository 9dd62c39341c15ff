package savings

import "github.com/consolesensei/resource-tracker/tracker"

var downVPNConnection = Rule{
	Name:      "down_vpn_connection",
	Title:     "VPN connection is down",
	Condition: "A VPN connection is available and none of its tunnels is up.",
	Types:     []tracker.Type{"VPN_Connection"},
	Effect:    Delete,
	Saving:    "all that the connection costs by the hour",
	Risk:      "medium",
	RiskNote:  "It may be down for the moment only: the scan sees nothing but now.",
	Check: func(c *Case) *Match {
		up, ok := c.Metadata.Number("tunnels_up")
		tunnels, _ := c.Metadata.Number("tunnels")
		if !ok {
			return c.unknown("the tunnels are not known")
		}
		if c.State != "available" || up > 0 || tunnels == 0 {
			return nil
		}
		return &Match{
			Saving:   c.all().atMost(tracker.ConfidenceMedium, "if it stays down"),
			Evidence: c.facts("tunnels", "tunnels_up", "customer_gateway_id", "vpn_gateway_id", "transit_gateway_id"),
		}
	},
}

package savings_test

var downVPNConnection = []row{
	{name: "both tunnels down", resource: res("VPN_Connection", "vpn-1", "available", -1, m{"tunnels": int64(2), "tunnels_up": int64(0)}), want: "36.50"},
	{name: "one up", resource: res("VPN_Connection", "vpn-1", "available", -1, m{"tunnels": int64(2), "tunnels_up": int64(1)}), want: "none"},
	{name: "being made", resource: res("VPN_Connection", "vpn-1", "pending", -1, m{"tunnels": int64(2), "tunnels_up": int64(0)}), want: "none"},
	{name: "unknown", resource: res("VPN_Connection", "vpn-1", "available", -1, m{}), want: "1 not decided on: the tunnels are not known"},
}

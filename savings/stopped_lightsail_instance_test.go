package savings_test

var stoppedLightsailInstance = []row{
	{name: "stopped", resource: res("Lightsail_Instance", "blog", "stopped", 100, m{"bundle_id": "nano_3_0"}), want: "5.00"},
	{name: "running", resource: res("Lightsail_Instance", "blog", "running", 100, m{}), want: "none"},
}

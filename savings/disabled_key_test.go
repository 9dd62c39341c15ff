package savings_test

var disabledKey = []row{
	{name: "disabled", resource: res("KMS_Key", "k-1", "disabled", 400, m{"aliases": []string{"alias/old"}}), want: "1.00"},
	{name: "enabled", resource: res("KMS_Key", "k-1", "enabled", 400, m{}), want: "none"},
	{name: "being deleted", resource: res("KMS_Key", "k-1", "pendingdeletion", 400, m{}), want: "none"},
}

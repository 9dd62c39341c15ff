package savings_test

var unusedWorkspace = []row{
	{name: "two months ago", resource: res("WorkSpace", "ws-1", "available", -1, m{"last_connection": stamp(60)}), want: "25.00"},
	{name: "yesterday", resource: res("WorkSpace", "ws-1", "available", -1, m{"last_connection": stamp(1)}), want: "none"},
	{name: "unknown", resource: res("WorkSpace", "ws-1", "available", -1, m{}), want: "1 not decided on: nobody has connected yet, or when is not known"},
}

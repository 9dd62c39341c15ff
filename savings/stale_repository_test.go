package savings_test

import "github.com/consolesensei/resource-tracker/tracker"

func repository(images int, pushed, pulled any) tracker.Resource {
	return res("ECR_Repository", "web", "active", 900, m{"image_count": int64(images), "size_bytes": int64(50) << 30, "last_pushed": pushed, "last_pulled": pulled})
}

var staleRepository = []row{
	{name: "pushed and pulled last year", resource: repository(10, stamp(400), stamp(300)), want: "unpriced"},
	{name: "never pulled", resource: repository(10, stamp(400), nil), want: "unpriced"},
	{name: "pulled last week", resource: repository(10, stamp(400), stamp(7)), want: "none"},
	{name: "pushed last week", resource: repository(10, stamp(7), nil), want: "none"},
	{name: "empty", resource: repository(0, nil, nil), want: "none"},
	{name: "unknown", resource: res("ECR_Repository", "web", "active", 900, m{}), want: "1 not decided on: the images are not known"},
}

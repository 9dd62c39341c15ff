package savings_test

var unmountedFileSystem = []row{
	{name: "no mount target", resource: res("EFS_FileSystem", "fs-1", "available", 10, m{"mount_target_count": int64(0), "size_bytes": int64(100) << 30}), want: "30.00"},
	{name: "one", resource: res("EFS_FileSystem", "fs-1", "available", 10, m{"mount_target_count": int64(1)}), want: "none"},
	{name: "new", resource: res("EFS_FileSystem", "fs-1", "available", 0, m{"mount_target_count": int64(0)}), want: "none"},
	{name: "unknown", resource: res("EFS_FileSystem", "fs-1", "available", 10, m{}), want: "1 not decided on: the mount targets are not known"},
}

package tracker

// Version is that of the service and of its API.
const Version = "1.0.0"

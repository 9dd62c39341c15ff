// Package e2e proves the whole service on real parts: redis-server, the built
// programs as processes of their own, and moto_server answering for AWS over
// HTTP. What the seeder made is the truth that a scan must find again.
package e2e

// Package reports says of a scan's resources, one after the other, how they belong
// together, how they carry the tags that they have to, and what they cost by what
// they have in common. It does no I/O, and holds no resource.
package reports

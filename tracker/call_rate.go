package tracker

// CallRate is how fast one API of AWS may be called.
type CallRate struct {
	// PerSecond is the rate in calls a second.
	PerSecond float64
	// Burst is how many calls a rested API takes at once.
	Burst int
	// Most is the rate that may be learnt, where PerSecond is a guess: the rate
	// climbs towards it while AWS throttles nothing. 0: PerSecond is a quota that
	// AWS documents, or that a person has set, and stays.
	Most float64
}

package tracker

// Uncovered is a kind of resource that no scan lists, although one might expect it beside
// a type that scans list.
type Uncovered struct {
	Kind    string `json:"kind"`
	Service string `json:"service" doc:"The AWS service, as in endpoints and IAM action prefixes"`
	Beside  Type   `json:"beside" doc:"The type of the catalogue that it is easily taken for"`
	Reason  string `json:"reason"`
}

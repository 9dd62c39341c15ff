package pricing

import "github.com/consolesensei/resource-tracker/tracker"

// Want is a price that a book lacks.
type Want struct {
	Region string
	Key    Key
}

// Wants returns the prices that the cost of r looks for and the book lacks in
// r's own region. Prices from before a day, as YYYY-MM-DD, count as lacking.
func (b *Book) Wants(r tracker.Resource, before string) []Want {
	apply, ok := rules[r.Type]
	if !ok || tracker.PartitionOf(r.Region) != "aws" || r.Region == tracker.Global || r.Region == "" {
		return nil
	}
	var wants []Want
	s := sheet{book: b, r: &r, facts: r.Metadata, asked: func(k Key) {
		if own, ok := b.own(r.Region, k); !ok || own.AsOf < before {
			wants = append(wants, Want{r.Region, k})
		}
	}}
	apply(&s)
	return wants
}

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
	if tracker.PartitionOf(r.Region) != "aws" || r.Region == tracker.Global || r.Region == "" {
		return nil
	}
	var wants []Want
	b.fill(r, func(k Key) {
		if own, ok := b.own(r.Region, k); !ok || own.AsOf < before {
			wants = append(wants, Want{r.Region, k})
		}
	}).release()
	return wants
}

package plans

import (
	"context"

	"github.com/consolesensei/resource-tracker/tracker"
)

// giveUp ends an item that its workers die of.
func (r *itemRun) giveUp(ctx context.Context) error {
	const died = "it is given up: the workers that carried it out died, one after the other"
	if len(r.item.Ledger.Steps) > 0 {
		return r.settle(ctx, tracker.ItemVerifyTimeout, died+"; whether all that was sent was carried out was not read back", nil)
	}
	return r.settle(ctx, tracker.ItemFailed, died+"; nothing was sent", nil)
}

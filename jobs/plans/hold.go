package plans

import (
	"context"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// reserveAtOnce is how many items of a plan are read at once to hold their resources.
const reserveAtOnce = 1000

// resourceOf names the resource of an item among all accounts, whoever plans. A global
// resource has no region, whatever the item says.
func (c *Client) resourceOf(it tracker.ActionItem) string {
	region := it.Region
	for _, a := range c.Actions {
		if a.Type == it.Type && a.Global {
			region = tracker.Global
			break
		}
	}
	return strings.Join([]string{it.AccountID, region, string(it.Type), strings.ToLower(it.ResourceID)}, "|")
}

func (c *Client) holds(items ...tracker.PlanItem) []store.Hold {
	holds := make([]store.Hold, len(items))
	for k, it := range items {
		holds[k] = store.Hold{Item: it.Index, Resource: c.resourceOf(it.ActionItem)}
	}
	return holds
}

// reserve has the items of a plan that is applied hold their resources, and refuses
// those whose resource another plan holds. An item takes the hold once more when it
// begins: whoever dies in between leaves nothing open.
func (c *Client) reserve(ctx context.Context, p tracker.Plan) (ready []int, err error) {
	for from := 0; from < p.Totals.Items; from += reserveAtOnce {
		items, _, err := c.plans().PlanItems(ctx, p.ID, from, reserveAtOnce)
		if err != nil {
			return ready, err
		}
		items = slices.DeleteFunc(items, func(it tracker.PlanItem) bool { return it.Ledger.State.Terminal() })
		held, err := c.hold(ctx, p, items...)
		if err != nil {
			return ready, err
		}
		for item, why := range held {
			_, next, _, err := c.plans().SettleItem(ctx, p.ID, item, tracker.ItemLedger{State: tracker.ItemRefused, Message: why}, nil)
			if err != nil {
				return ready, err
			}
			ready = append(ready, next...)
		}
	}
	return ready, nil
}

// hold has items hold their resources. It says, by item, why those cannot that another
// plan holds.
func (c *Client) hold(ctx context.Context, p tracker.Plan, items ...tracker.PlanItem) (map[int]string, error) {
	others, err := c.plans().HoldItems(ctx, p.ID, c.holds(items...))
	if err != nil {
		return nil, err
	}
	return c.named(ctx, p, others, " holds it, and a resource belongs to one plan at a time: plan anew when that plan has ended")
}

// heldByAnother refuses the item when another plan holds its resource.
func (r *itemRun) heldByAnother(ctx context.Context) (held bool, err error) {
	others, err := r.w.client.hold(ctx, r.plan, r.item)
	if why := others[r.item.Index]; why != "" {
		return true, r.settle(ctx, tracker.ItemRefused, why, nil)
	}
	return false, err
}

// release releases what an item holds that has ended.
func (c *Client) release(ctx context.Context, p tracker.Plan, it tracker.PlanItem) error {
	return c.plans().ReleaseItems(ctx, p.ID, c.holds(it))
}

// noteHolders notes on items that another plan holds their resources at the moment.
func (c *Client) noteHolders(ctx context.Context, p tracker.Plan, items []store.FrozenItem) error {
	plain := make([]tracker.PlanItem, len(items))
	for k, it := range items {
		plain[k] = it.PlanItem
	}
	others, err := c.plans().Holders(ctx, p.ID, c.holds(plain...))
	if err != nil {
		return err
	}
	notes, err := c.named(ctx, p, others, " holds it: it is refused unless that plan has ended by then")
	for item, note := range notes {
		items[item].Notes = append(items[item].Notes, note)
	}
	return err
}

// named says of items which plan stands in their way. Of another owner's it does not
// say the ID.
func (c *Client) named(ctx context.Context, p tracker.Plan, others map[int]string, what string) (map[int]string, error) {
	names, texts := map[string]string{}, make(map[int]string, len(others))
	for item, id := range others {
		if names[id] == "" {
			names[id] = "another plan"
			other, err := c.plans().Plan(ctx, p.Owner, id)
			if err == nil {
				names[id] = "plan " + other.ID
			} else if tracker.CodeOf(err) != tracker.CodeNotFound {
				return nil, err
			}
		}
		texts[item] = names[id] + what
	}
	return texts, nil
}

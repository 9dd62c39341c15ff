package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/consolesensei/resource-tracker/budgets"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
	"github.com/consolesensei/resource-tracker/trends"
)

const budgetsPath = "/api/v1/budgets"

// BudgetBody is a budget that is to be.
type BudgetBody struct {
	_          struct{}             `additionalProperties:"false"`
	Name       string               `json:"name" minLength:"1" maxLength:"100" doc:"What people know it by; each once"`
	Filter     string               `json:"filter,omitempty" maxLength:"16384" example:"tag:team=search" doc:"What it is of, in the language of filters, without ages; absent is everything"`
	Amount     float64              `json:"monthly_amount" minimum:"0.01" maximum:"1000000000" doc:"What a month may cost, in US dollars"`
	Thresholds *[]budgets.Threshold `json:"thresholds,omitempty" maxItems:"10" doc:"What is told once a month, by the event budget.crossed, when it is reached. Absent is 80 and 100 of actual, and 100 of forecast"`
}

// BudgetItem is a budget, and how it stands.
type BudgetItem struct {
	budgets.Budget
	Standing budgets.Standing  `json:"standing" doc:"In this month, at list prices of what scans saw"`
	Crossed  []budgets.Crossed `json:"crossed" doc:"The thresholds that were crossed in this month, the first one first"`
	Links    budgetLinks       `json:"links"`
}

type budgetLinks struct {
	Self string `json:"self"`
}

type (
	addBudgetInput struct{ Body BudgetBody }
	putBudgetInput struct {
		BudgetInput
		Body BudgetBody
	}
	budgetsAnswer struct {
		Success bool         `json:"success" doc:"Always true"`
		Budgets []BudgetItem `json:"budgets" doc:"The oldest first: 100 at most"`
	}
	budgetAnswer struct {
		Success bool `json:"success" doc:"Always true"`
		BudgetItem
	}
	budgetOutput    struct{ Body budgetAnswer }
	addBudgetOutput struct {
		Location string `header:"Location" doc:"The budget"`
		Body     budgetAnswer
	}
)

// BudgetInput names a budget.
type BudgetInput struct {
	ID string `path:"id" maxLength:"128" doc:"The budget"`
}

func (s *Server) registerBudgets() {
	operation := func(id, method, path, summary string, errs ...int) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: budgetsPath + path, Tags: []string{"trends"}, Summary: summary, Errors: append(errs, http.StatusServiceUnavailable)}
	}
	register(s, operation("list-budgets", http.MethodGet, "", "List your budgets, and how each stands in this month"), s.listBudgets)
	add := operation("add-budget", http.MethodPost, "", "Say what a month may cost", http.StatusConflict, http.StatusUnsupportedMediaType)
	add.Description = `Of what a filter selects, or of everything. Its days are reckoned within a minute from the history, those before it was made included,
and again whenever a scan comes in. Each threshold that the month reaches is told to webhooks once, as budget.crossed. 409 when another budget has its name,
or when there are 100.`
	add.DefaultStatus = http.StatusCreated
	register(s, add, s.addBudget)
	register(s, operation("get-budget", http.MethodGet, "/{id}", "Read a budget, and how it stands in this month", http.StatusNotFound), s.getBudget)
	put := operation("put-budget", http.MethodPut, "/{id}", "Replace a budget", http.StatusNotFound, http.StatusConflict, http.StatusUnsupportedMediaType)
	put.Description = "What is absent is reset. Its days are reckoned anew, and its thresholds can be crossed again."
	register(s, put, s.putBudget)
	remove := operation("delete-budget", http.MethodDelete, "/{id}", "Delete a budget", http.StatusNotFound)
	remove.DefaultStatus = http.StatusNoContent
	register(s, remove, s.deleteBudget)
}

// budgetItems says how budgets stand.
func budgetItems(ctx context.Context, h *history.Store, kept ...history.Budget) ([]BudgetItem, error) {
	all, items := make([]budgets.Budget, len(kept)), make([]BudgetItem, len(kept))
	for i, k := range kept {
		var err error
		if all[i], err = budgets.Of(k); err != nil {
			return nil, err
		}
	}
	now := time.Now()
	standings, err := budgets.Stand(ctx, h, all, now)
	if err != nil {
		return nil, err
	}
	month, _ := trends.MonthOf(trends.DayOf(now))
	for i, b := range all {
		items[i] = BudgetItem{b, standings[i], []budgets.Crossed{}, budgetLinks{budgetsPath + "/" + b.ID}}
		crossings, err := h.Crossings(ctx, b.ID, month)
		if err != nil {
			return nil, err
		}
		for _, c := range crossings {
			x, err := budgets.CrossedOf(c)
			if err != nil {
				return nil, err
			}
			items[i].Crossed = append(items[i].Crossed, x)
		}
	}
	return items, nil
}

func (s *Server) listBudgets(ctx context.Context, _ *struct{}) (*struct{ Body budgetsAnswer }, error) {
	h, err := s.kept()
	if err != nil {
		return nil, err
	}
	kept, err := h.Budgets(ctx, owner(ctx))
	if err != nil {
		return nil, err
	}
	items, err := budgetItems(ctx, h, kept...)
	return &struct{ Body budgetsAnswer }{budgetsAnswer{true, items}}, err
}

// readBudget reads a body.
func (s *Server) readBudget(b BudgetBody) (budgets.Spec, error) {
	spec := budgets.Spec{Name: b.Name, Filter: b.Filter, Amount: tracker.Dollars(b.Amount), Thresholds: budgets.DefaultThresholds()}
	if b.Thresholds != nil {
		spec.Thresholds = *b.Thresholds
	}
	_, faults := s.readFilterText("body.filter", b.Filter)
	for _, f := range spec.Check() {
		if f.Member != "filter" || len(faults) == 0 {
			faults = append(faults, FieldError{"body." + f.Member, f.Message})
		}
	}
	if len(faults) > 0 {
		return spec, invalid(faults...)
	}
	return spec, nil
}

// wroteBudget is the error of a budget that was to be written, and was not.
func wroteBudget(ok bool, err error, refused string) error {
	switch {
	case errors.Is(err, history.ErrBudgetName):
		return tracker.Errorf(tracker.CodeConflict, "another budget has this name")
	case err != nil:
		return err
	case !ok:
		return tracker.Errorf(tracker.CodeConflict, "%s", refused)
	}
	return nil
}

func (s *Server) addBudget(ctx context.Context, in *addBudgetInput) (*addBudgetOutput, error) {
	h, err := s.kept()
	if err != nil {
		return nil, err
	}
	spec, err := s.readBudget(in.Body)
	if err != nil {
		return nil, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	b := budgets.New(owner(ctx), id.String(), spec, caller(ctx).Who, time.Now())
	kept, err := b.Kept()
	if err != nil {
		return nil, err
	}
	if err := s.auditBudget(ctx, "budget.added", b); err != nil {
		return nil, err
	}
	ok, err := h.AddBudget(ctx, kept, budgets.Most)
	if err := wroteBudget(ok, err, fmt.Sprintf("there are %d budgets already, which is the most", budgets.Most)); err != nil {
		return nil, err
	}
	items, err := budgetItems(ctx, h, kept)
	if err != nil {
		return nil, err
	}
	return &addBudgetOutput{budgetsPath + "/" + b.ID, budgetAnswer{true, items[0]}}, nil
}

// budget is one of the caller's; an ID that cannot be one is not found.
func (s *Server) budget(ctx context.Context, id string) (*history.Store, history.Budget, error) {
	h, err := s.kept()
	if err != nil {
		return nil, history.Budget{}, err
	}
	missing := tracker.Errorf(tracker.CodeNotFound, "no such budget")
	if !jobID.MatchString(id) {
		return nil, history.Budget{}, missing
	}
	kept, ok, err := h.Budget(ctx, owner(ctx), id)
	if err == nil && !ok {
		err = missing
	}
	return h, kept, err
}

func (s *Server) getBudget(ctx context.Context, in *BudgetInput) (*budgetOutput, error) {
	h, kept, err := s.budget(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	items, err := budgetItems(ctx, h, kept)
	if err != nil {
		return nil, err
	}
	return &budgetOutput{budgetAnswer{true, items[0]}}, nil
}

func (s *Server) putBudget(ctx context.Context, in *putBudgetInput) (*budgetOutput, error) {
	h, kept, err := s.budget(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	spec, err := s.readBudget(in.Body)
	if err != nil {
		return nil, err
	}
	b, err := budgets.Of(kept)
	if err != nil {
		return nil, err
	}
	b = b.Changed(spec, caller(ctx).Who, time.Now())
	changed, err := b.Kept()
	if err != nil {
		return nil, err
	}
	if err := s.auditBudget(ctx, "budget.changed", b); err != nil {
		return nil, err
	}
	ok, err := h.ChangeBudget(ctx, changed)
	if err := wroteBudget(ok, err, "somebody has changed the budget at the same time: read it and try again"); err != nil {
		return nil, err
	}
	return s.getBudget(ctx, &in.BudgetInput)
}

func (s *Server) deleteBudget(ctx context.Context, in *BudgetInput) (*struct{}, error) {
	h, kept, err := s.budget(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b, err := budgets.Of(kept)
	if err != nil {
		return nil, err
	}
	if err := s.auditBudget(ctx, "budget.deleted", b); err != nil {
		return nil, err
	}
	_, err = h.DeleteBudget(ctx, owner(ctx), in.ID)
	return nil, err
}

// auditBudget writes a line before the change: a line of a change that failed is better than a change without one.
func (s *Server) auditBudget(ctx context.Context, what string, b budgets.Budget) error {
	return s.Audit.Write(ctx, owner(ctx), tracker.AuditEvent{
		At: time.Now().UTC(), Who: caller(ctx).Who, From: origin(ctx), What: what, Detail: fmt.Sprintf("%s (%s): $%s a month of %q", b.Name, b.ID, b.Amount, b.Filter),
	})
}

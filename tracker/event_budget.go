package tracker

// EventBudget is a threshold of a budget that was crossed, as events tell of it.
type EventBudget struct {
	Amount      Money   `json:"monthly_amount"`
	Percent     float64 `json:"threshold_percent"`
	Of          string  `json:"threshold_of"` // actual or forecast
	Month       string  `json:"month"`        // such as 2026-11
	MonthToDate Money   `json:"month_to_date"`
	Forecast    Money   `json:"forecast"`
	Low         Money   `json:"low"`
	High        Money   `json:"high"`
	Method      string  `json:"method"`
	// AssumedDays of the month are before the first scan: they count as the first known day.
	AssumedDays int `json:"assumed_days"`
	// Unpriced counts the resources whose cost is not known: no sum has them.
	Unpriced int64 `json:"unpriced"`
	// Stale counts the cells that the newest scan did not see to the end: they count as they were.
	Stale int `json:"cells_stale"`
}

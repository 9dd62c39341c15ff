package cli

type forgetHistoryCmd struct {
	AccountID string `arg:"" help:"Number of the AWS account."`
}

func (c *forgetHistoryCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	if err := t.ForgetHistory(e.ctx, c.AccountID); err != nil {
		return err
	}
	e.note("the history of account %s goes within seconds; the next scan of it begins a new one", c.AccountID)
	return nil
}

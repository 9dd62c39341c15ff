// The authorization is kept for this tab: it outlives a reload, and ends with the tab.
const kept = "tracker-authorization";
const forTheTab = () => ({
  statePlugins: {
    auth: {
      wrapActions: {
        persistAuthorizationIfNeeded: (original, system) => () => {
          sessionStorage.setItem(kept, JSON.stringify(system.authSelectors.authorized().toJS()));
          void show(system);
        },
      },
    },
  },
});

// What reads can be tried at once where this server has such a thing: the newest of each stands in for the
// ID of the example. What changes something keeps the example's ID, so that nothing real is hit by a click.
const lists = [
  ["/api/v1/jobs?limit=1", (a) => a.jobs[0].job_id, "0199c0de-0000-7000-8000-000000000001"],
  ["/api/v1/plans?limit=1", (a) => a.plans[0].plan_id, "0199c0de-0000-7000-8000-000000000002"],
  ["/api/v1/schedules?limit=1", (a) => a.schedules[0].schedule_id, "0199c0de-0000-7000-8000-000000000003"],
  ["/api/v1/budgets", (a) => a.budgets[0].budget_id, "0199c0de-0000-7000-8000-000000000004"],
  ["/api/v1/webhooks", (a) => a.webhooks[0].webhook_id, "wh_0199c0de0199c0de0199c0de01"],
  ["/api/v1/accounts?limit=1", (a) => a.accounts[0].name, "production"],
];

function credentials({ apiKey, jwt } = {}) {
  if (jwt) return { Authorization: `Bearer ${jwt.value}` };
  return apiKey ? { "X-API-Key": apiKey.value } : {};
}

async function newest(headers) {
  const ids = new Map();
  await Promise.all(lists.map(async ([path, id, example]) => {
    try {
      const answer = await fetch(path, { headers });
      if (answer.ok) ids.set(example, id(await answer.json()));
    } catch {
      // There is none of it: the example stays.
    }
  }));
  return ids;
}

// Every reference of the document is to a part of its own. Swagger UI's resolver reads the whole document anew
// for each operation that is opened: seconds of a core. A part that holds itself stays a reference.
function resolved(part, document, within = []) {
  if (Array.isArray(part)) return part.map((one) => resolved(one, document, within));
  if (part === null || typeof part !== "object") return part;
  const reference = part.$ref;
  if (typeof reference === "string") {
    if (within.includes(reference)) return part;
    const target = reference.slice(2).split("/").reduce((all, name) => all[name.replaceAll("~1", "/").replaceAll("~0", "~")], document);
    return { ...resolved(target, document, [...within, reference]), $$ref: reference };
  }
  return Object.fromEntries(Object.entries(part).map(([name, one]) => [name, resolved(one, document, within)]));
}

const ofItsOwnParts = () => ({
  fn: {
    resolveSubtree: async (document, path) => ({ spec: resolved(path.reduce((all, name) => all?.[name], document), document), errors: [] }),
  },
});

async function show(system) {
  const spec = await (await fetch("/api/v1/openapi.json")).json();
  const authorized = JSON.parse(sessionStorage.getItem(kept) ?? "{}");
  if (Object.keys(authorized).length > 0) {
    const ids = await newest(credentials(authorized));
    for (const { get } of Object.values(spec.paths)) {
      for (const parameter of get?.parameters ?? []) parameter.example = ids.get(parameter.example) ?? parameter.example;
    }
  }
  system.specActions.updateJsonSpec(spec);
}

const ui = SwaggerUIBundle({
  spec: { openapi: "3.1.0", info: { title: "AWS Resource Tracker", version: "" }, paths: {} },
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "none",
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
  plugins: [forTheTab, ofItsOwnParts],
});
ui.authActions.restoreAuthorization({ authorized: JSON.parse(sessionStorage.getItem(kept) ?? "{}") });
void show(ui);

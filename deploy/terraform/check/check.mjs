// Plans the module, its roles, its API on Lambda and its example by Terraform itself, against the schema of the
// AWS provider: every resource, argument, block, attribute and type, and every expression on
// made-up values. No provider is installed, and nothing is asked of AWS. Needs terraform.
//
//   npm install --ignore-scripts && npm run check
import {execFileSync, spawn} from "node:child_process";
import {cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";
import {ExtensionCodec, ExtData, decode, encode} from "@msgpack/msgpack";
import {schema} from "./schema.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "..");
const proto = grpc.loadPackageDefinition(loader.loadSync(join(here, "provider.proto"), {keepCase: true, longs: Number, enums: String}));

// What the files use.
const used = {resource: new Set(), data: new Set()};
for (const folder of ["", "modules/roles", "modules/lambda", "examples/complete"]) {
  for (const file of readdirSync(join(root, folder)).filter((f) => f.endsWith(".tf"))) {
    for (const [, kind, type] of readFileSync(join(root, folder, file), "utf8").matchAll(/^(resource|data) "([a-z0-9_]+)"/gm)) used[kind].add(type);
  }
}
const of = (set, data) => Object.fromEntries([...set].filter((t) => t.startsWith("aws_")).map((t) => [t, schema(t, data)]));
const plain = (name, type, how) => ({name, type: Buffer.from(JSON.stringify(type)), ...how});
const providers = {
  aws: {provider: {version: 0, block: {attributes: [plain("region", "string", {optional: true})]}}, resource_schemas: of(used.resource, false), data_source_schemas: of(used.data, true)},
  random: {
    provider: {version: 0, block: {}},
    resource_schemas: {random_password: {version: 0, block: {attributes: [plain("length", "number", {required: true}), plain("special", "bool", {optional: true}), plain("result", "string", {computed: true})]}}},
  },
};

// Values that data sources answer with.
const answers = {region: "eu-central-1", partition: "aws", account_id: "111122223333", json: "{}", cidr_block: "10.0.0.0/24"};
const unknown = new ExtData(0, new Uint8Array([0]));
const codec = new ExtensionCodec();
codec.register({type: 0, encode: (v) => (v === unknown ? unknown.data : null), decode: () => unknown});
const read = (v) => decode(v.msgpack, {extensionCodec: codec});
const write = (v) => ({msgpack: Buffer.from(encode(v, {extensionCodec: codec}))});
const fill = (s, state, value) => {
  for (const a of s.block.attributes ?? []) if (a.computed && state[a.name] === null) state[a.name] = value(a);
  return state;
};

const implementation = (p) => ({
  GetProviderSchema: (_, done) => done(null, p),
  ValidateProviderConfig: (_, done) => done(null, {}),
  ValidateResourceConfig: (_, done) => done(null, {}),
  ValidateDataResourceConfig: (_, done) => done(null, {}),
  ConfigureProvider: (_, done) => done(null, {}),
  StopProvider: (_, done) => done(null, {}),
  ReadDataSource: ({request: r}, done) => done(null, {state: write(fill(p.data_source_schemas[r.type_name], read(r.config), (a) => (String(a.type) === '"string"' ? answers[a.name] ?? a.name : null)))}),
  PlanResourceChange: ({request: r}, done) => done(null, {planned_state: write(fill(p.resource_schemas[r.type_name], read(r.proposed_new_state), () => unknown))}),
});

const reattach = {};
const servers = [];
for (const [name, p] of Object.entries(providers)) {
  const server = new grpc.Server({"grpc.max_send_message_length": -1});
  server.addService(proto.tfplugin6.Provider.service, implementation(p));
  const port = await new Promise((done, fail) => server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (e, n) => (e ? fail(e) : done(n))));
  servers.push(server);
  reattach[`registry.terraform.io/hashicorp/${name}`] = {Protocol: "grpc", ProtocolVersion: 6, Pid: process.pid, Test: true, Addr: {Network: "tcp", String: `127.0.0.1:${port}`}};
}

const work = mkdtempSync(join(tmpdir(), "tracker-terraform-"));
const env = {...process.env, TF_REATTACH_PROVIDERS: JSON.stringify(reattach), TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1"};
const run = (dir, ...args) => new Promise((done, fail) => {
  const p = spawn("terraform", [`-chdir=${dir}`, ...args], {env, stdio: "inherit"});
  p.on("error", fail).on("exit", (code) => (code === 0 ? done() : fail(new Error(`terraform ${args[0]} ended with ${code}`))));
});
const roles = (variables) => `provider "aws" {}\nmodule "roles" {\n  source = "../deploy/terraform/modules/roles"\n  trusted_principal_arn = "arn:aws:iam::111122223333:role/worker"\n${variables}\n}\n`;
const example = {
  vpc_id: "vpc-1", private_subnet_ids: ["subnet-1", "subnet-2"], public_subnet_ids: ["subnet-3", "subnet-4"], zone_id: "Z1",
  certificate_arn: "arn:aws:acm:eu-central-1:111122223333:certificate/x", external_id: "external", credentials_recipient: "age1x",
  credentials_identity_arn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:identity", operator_keys_arn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:keys",
};
const onLambda = `provider "aws" {}
module "tracker" {
  source = "../deploy/terraform"
  image = "tracker:1"
  vpc_id = "vpc-1"
  task_subnet_ids = ["subnet-1", "subnet-2"]
  credentials_recipient = "age1x"
  credentials_identity_arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:identity"
  settings = { ORGANIZATION_ROLE = "resource-tracker-scan" }
  secret_arns = { OPERATOR_API_KEYS = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:keys" }
  ecr_repository_arn = "arn:aws:ecr:eu-central-1:111122223333:repository/tracker"
  cache = { nodes = 1 }
  history = {}
}
module "lambda" {
  source = "../deploy/terraform/modules/lambda"
  service = module.tracker.lambda
  image = "tracker:1-lambda"
  domain_name = "tracker.example.com"
  certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/x"
}
`;
try {
  execFileSync("terraform", ["fmt", "-check", "-diff", "-recursive", root], {env, stdio: "inherit"});
  cpSync(root, join(work, "deploy/terraform"), {recursive: true, filter: (f) => !f.includes("node_modules")});
  cpSync(join(root, "../iam"), join(work, "deploy/iam"), {recursive: true});
  const complete = join(work, "deploy/terraform/examples/complete");
  const organization = join(work, "organization"), lambda = join(work, "lambda");
  mkdirSync(organization);
  mkdirSync(lambda);
  writeFileSync(join(lambda, "main.tf"), onLambda);
  writeFileSync(join(organization, "main.tf"), roles('  organization_id = "o-a1b2c3d4e5"\n  organizational_unit_ids = ["r-ab12"]'));
  for (const dir of [complete, organization, lambda]) {
    await run(dir, "init", "-backend=false", "-input=false", "-no-color");
    await run(dir, "validate", "-no-color");
    writeFileSync(join(dir, "x.auto.tfvars.json"), JSON.stringify(dir === complete ? example : {}));
    await run(dir, "plan", "-input=false", "-no-color", "-lock=false");
  }
} finally {
  rmSync(work, {recursive: true, force: true});
  for (const s of servers) s.forceShutdown();
}

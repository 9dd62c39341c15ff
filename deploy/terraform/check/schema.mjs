// The schema of the AWS provider, as its bindings for TypeScript describe it: which resources
// there are, and which arguments, blocks and attributes each has.
import {existsSync, readFileSync} from "node:fs";
import {gunzipSync} from "node:zlib";

const folder = new URL("./node_modules/@cdktf/provider-aws/", import.meta.url);
const redirect = new URL(".jsii.gz", folder);
const types = JSON.parse(existsSync(redirect) ? gunzipSync(readFileSync(redirect)) : readFileSync(new URL(".jsii", folder), "utf8")).types;

const camel = (name) => name.split("_").map((w) => w[0].toUpperCase() + w.slice(1)).join("");
const snake = (name) => name.replace(/[A-Z]/g, (c) => "_" + c.toLowerCase());
const docs = (p) => `${p.docs?.summary ?? ""} ${p.docs?.remarks ?? ""}`;
const nameOf = (p) => docs(p).match(/#([a-z0-9_]+) /)?.[1] ?? snake(p.name);

// The type of an argument, in Terraform's own form.
function typeOf(t) {
  if (t.primitive) return t.primitive === "boolean" ? "bool" : t.primitive === "any" ? "dynamic" : t.primitive;
  if (t.union) return typeOf(t.union.types.find((u) => u.fqn !== "cdktf.IResolvable" || t.union.types.length === 1));
  if (t.collection) return [t.collection.kind === "map" ? "map" : "list", typeOf(t.collection.elementtype)];
  if (t.fqn === "cdktf.IResolvable") return "bool";
  const s = types[t.fqn];
  if (!s?.properties || s.kind !== "interface") return "dynamic";
  return ["object", Object.fromEntries(s.properties.map((p) => [nameOf(p), typeOf(p.type)]))];
}

const struct = (t) => t.fqn && t.fqn !== "cdktf.IResolvable" ? t.fqn : t.union ? t.union.types.map(struct).find(Boolean) : t.collection ? struct(t.collection.elementtype) : undefined;
const many = (t) => Boolean(t.collection) || Boolean(t.union?.types.some(many));

function block(properties) {
  const out = {attributes: [], block_types: []};
  for (const p of properties) {
    if (/ block\.?( |$)/.test(docs(p))) {
      out.block_types.push({type_name: nameOf(p), block: block(types[struct(p.type)].properties ?? []), nesting: 2, min_items: p.optional ? 0 : 1, max_items: many(p.type) ? 0 : 1});
    } else {
      out.attributes.push({name: nameOf(p), type: Buffer.from(JSON.stringify(typeOf(p.type))), required: !p.optional, optional: Boolean(p.optional), computed: Boolean(p.optional)});
    }
  }
  return out;
}

// The schema of a resource, such as aws_ecs_service, or of a data source.
export function schema(name, data) {
  const id = (data ? "data_" : "") + name; // aws_x, or data_aws_x
  const bare = data ? camel(id) : camel(name.replace(/^aws_/, ""));
  const module = bare[0].toLowerCase() + bare.slice(1);
  const config = types[`@cdktf/provider-aws.${module}.${bare}Config`];
  const resource = types[`@cdktf/provider-aws.${module}.${bare}`];
  if (!resource) throw new Error(`the provider has no ${data ? "data source" : "resource"} ${name}`);
  const out = block(config?.properties ?? []);
  const known = new Set([...out.attributes.map((a) => a.name), ...out.block_types.map((b) => b.type_name)]);
  for (const p of resource.properties) {
    const attribute = snake(p.name);
    if (p.static || p.const || p.name === "tfResourceType" || p.name.endsWith("Input") || known.has(attribute) || known.has(attribute.replace(/_/g, ""))) continue;
    if (config?.properties?.some((c) => c.name === p.name)) continue;
    out.attributes.push({name: attribute, type: Buffer.from(JSON.stringify(p.type.primitive === "string" ? "string" : p.type.primitive === "number" ? "number" : p.type.fqn === "cdktf.StringMap" ? ["map", "string"] : "dynamic")), computed: true});
  }
  return {version: 0, block: out};
}

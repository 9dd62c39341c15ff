// Generated from the API's document by scripts/generate.mjs. Do not edit.
export {};

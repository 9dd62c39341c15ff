import type { Resource } from '../src/index.js'

export function resource(type: string, id: string, state: string, cost: number | null, tags: Record<string, string> = {}): Resource {
  return {
    resource_id: id, resource_type: type, state, tags, estimated_cost_monthly: cost, resource_name: id, region: 'eu-west-1',
    account_id: '111122223333', arn: '', creation_date: null, cost: null, metadata: {},
  }
}

// GET /TrackingCategories: archived categories and options only with includeArchived.

import { answerWith, type Call, flag, type Route } from './call.ts'
import type { JsonObject } from './json.ts'
import { listQuery, refine } from './listing.ts'
import type { TrackingCategory } from './organisation.ts'
import { notFound, type Reply } from './reply.ts'
import type { FilterFields } from './where.ts'

function view(category: TrackingCategory, withArchived: boolean): JsonObject {
  const options = category.options.filter((option) => withArchived || option.status === 'ACTIVE')
  return {
    Name: category.name,
    Status: category.status,
    TrackingCategoryID: category.id,
    Options: options.map((option) => ({
      TrackingOptionID: option.id,
      Name: option.name,
      Status: option.status,
      HasValidationErrors: false,
      IsDeleted: false,
      IsArchived: option.status === 'ARCHIVED',
      IsActive: option.status === 'ACTIVE',
    })),
  }
}

const fields: FilterFields<TrackingCategory> = {
  Name: { type: 'text', read: (category) => category.name },
  Status: { type: 'text', read: (category) => category.status },
  TrackingCategoryID: { type: 'guid', read: (category) => category.id },
}

function all(call: Call): Reply {
  const withArchived = flag(call, 'includeArchived')
  const keep = (category: TrackingCategory) => withArchived || category.status === 'ACTIVE'
  const found = refine(call, [...call.organisation.tracking], fields, keep)
  return answerWith(
    call,
    'TrackingCategories',
    found.map((category) => view(category, withArchived)),
  )
}

function one(call: Call): Reply {
  const id = (call.path['TrackingCategoryID'] ?? '').toLowerCase()
  const category = call.organisation.tracking.find((candidate) => candidate.id === id)
  return category ? answerWith(call, 'TrackingCategories', [view(category, true)]) : notFound
}

const scopes = ['accounting.settings']

export const trackingCategoryRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/TrackingCategories',
    scopes,
    query: [...listQuery, 'includeArchived'],
    answer: all,
  },
  { method: 'GET', path: '/TrackingCategories/{TrackingCategoryID}', scopes, query: [], answer: one },
]

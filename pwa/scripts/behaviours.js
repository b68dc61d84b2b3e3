// Every behaviour by its name in data-behaviour. A behaviour is one file, knows no room, and comes only when a page needs it.
export const behaviours = {
  'after-uploads': () => import('./after-uploads.js'),
  appearance: () => import('./appearance.js'),
  'draft-saved': () => import('./draft-saved.js'),
  busy: () => import('./busy.js'),
  'form-autosave': () => import('./form-autosave.js'),
  'form-checks': () => import('./form-checks.js'),
  'form-conditions': () => import('./form-conditions.js'),
  keys: () => import('./keys.js'),
  live: () => import('./live.js'),
  offline: () => import('./offline.js'),
  opens: () => import('./opens.js'),
  reveal: () => import('./reveal.js'),
  suggests: () => import('./suggests.js'),
  toast: () => import('./toast.js'),
  upload: () => import('./upload.js'),
  zoom: () => import('./zoom.js'),
};

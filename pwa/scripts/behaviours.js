// Every behaviour by its name in data-behaviour. A behaviour is one file, knows no room, and comes only when a page needs it.
export const behaviours = {
  appearance: () => import('./appearance.js'),
  busy: () => import('./busy.js'),
  offline: () => import('./offline.js'),
  opens: () => import('./opens.js'),
  toast: () => import('./toast.js'),
};

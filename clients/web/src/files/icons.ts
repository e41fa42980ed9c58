// SPDX-License-Identifier: MIT

/** Line drawings on a field of 16 by 16, as paths. */
export const ICONS = {
  newFile: 'M9 2H4v12h4M9 2l3 3v3M9 2v3h3M11 10v5M8.5 12.5h5',
  newFolder: 'M2 4h4l1.5 2H14v3M2 4v9h6M11.500 10v5M9 12.500h5',
  upload: 'M8 11V3M5 6l3-3 3 3M3 11v2h10v-2',
  uploadFolder: 'M2 4h4l1.500 2H14v7H2zM8 12V8.500M6.200 10 8 8.200 9.800 10',
  refresh: 'M13 8a5 5 0 1 1-1.500-3.500M13 2v3h-3',
  edit: 'M3 13l.7-3L10.500 3.200a1.400 1.400 0 0 1 2 2L5.700 12.200z',
  run: 'M5 3v10l8-5z',
  download: 'M8 3v8M5 8l3 3 3-3M3 11v2h10v-2',
  rename: 'M8 3v10M6.500 2.500h3M6.500 13.500h3M6 5.500H2v5h4M10 5.500h4v5h-4',
  remove: 'M3 4h10M6.500 4V2.500h3V4M4.500 4l.6 9.500h5.800l.6-9.500',
  folder: 'M2 4h4l1.500 2H14v7H2z',
  opened: 'M2 13V4h4l1.500 2H13v2M2 13l2-5h11l-2 5z',
  save: 'M3 3h8l2 2v8H3zM5.500 3v3h4V3M5 13V9h6v4',
  find: 'M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9M10.500 10.500l3.500 3.500',
  place: 'M2 3h12v10H2zM2 8h12M8 3v5',
  close: 'M4.500 4.500l7 7M11.500 4.500l-7 7',
  file: 'M4 2h5l3 3v9H4zM9 2v3h3',
} as const;

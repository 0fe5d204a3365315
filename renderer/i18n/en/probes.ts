/** What a look at a service learns, by the name that the engine gives it. */
export const probes = {
  'probes.details': 'Seen at the last check',
  'probes.probe': 'Asked by',
  'probes.detail.httpStatus': 'Status',
  'probes.detail.httpVersion': 'HTTP version',
  'probes.detail.contentType': 'Content type',
  'probes.detail.bodyBytes': 'Bytes of the answer',
  'probes.detail.finalUrl': 'Redirected to',
};

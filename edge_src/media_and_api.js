// Media, the API and the page's settings exist at the stream's own name only.

function handler(event) {
  const request = event.request;
  if (!isElsewhere(request)) return request;
  return {
    statusCode: 403,
    statusDescription: "Forbidden",
    headers: { "cache-control": { value: "no-store" } },
  };
}

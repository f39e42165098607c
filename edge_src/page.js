// The page moves viewers from every other name to the stream's own.

function handler(event) {
  const request = event.request;
  if (!isElsewhere(request)) return request;
  return {
    statusCode: 301,
    statusDescription: "Moved Permanently",
    headers: {
      location: { value: `https://${HOST}${request.uri}` },
      // browsers would keep it for ever, even after the domain has changed
      "cache-control": { value: "no-store" },
    },
  };
}

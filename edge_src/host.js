// The names of the stream's own host, and what a request at any other name is answered.
// CloudFront Functions know ECMAScript 5.1 and a part of later versions: JavaScript runtime 2.0.

const HOST = "{{host}}";

/** Whether the request is not for the stream's own host: CloudFront serves its own name as well. */
function isElsewhere(request) {
  return !request.headers.host || request.headers.host.value.toLowerCase() !== HOST;
}

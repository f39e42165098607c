"""Routing by host name: the CloudFront edge, API Gateway, and Cognito sign-in of the stack."""

import functools
import json
from collections.abc import Mapping
from typing import Any

from moto.cloudfront.models import cloudfront_backends
from werkzeug.wrappers import Request, Response

from preview.account import Account
from preview.hosts.existing_origins import existing_answer
from preview.hosts.identity_providers import fetch, issuer_hosts, providers, stand_in_answer
from preview.hosts.origins import fetched
from preview.hosts.rest_apis import api_answer, is_rest_api, jwks, moto_pool
from preview.resource import Resource
from preview.services.aws.dynamic_references import resolved
from preview.services.edge.edge import Edge
from preview.services.edge.edge_function import EdgeFunction, edge_function
from preview.services.signin.branding import look_of
from preview.services.signin.signin import SignIn
from preview.services.signin.tokens import openid_configuration


def edge(account: Account, distribution: Resource) -> Edge:
    """The distribution's edge.

    Raises:
        Rejected: the distribution names a resource that does not exist.
        NotSupported: the edge does not support a setting.
    """
    return Edge(
        config=resolved(distribution.properties["DistributionConfig"], account.secret_text),
        key_group=functools.partial(key_group, account),
        signer_keys=functools.partial(signer_keys, account),
        response_headers=functools.partial(
            _config, account, "AWS::CloudFront::ResponseHeadersPolicy"
        ),
        cache_policy=functools.partial(_config, account, "AWS::CloudFront::CachePolicy"),
        origin_request_policy=functools.partial(
            _config, account, "AWS::CloudFront::OriginRequestPolicy"
        ),
        origin=functools.partial(fetched, account, distribution),
        clock=account.clock.now,
        country=lambda address: account.countries.get(address, ""),
        web_acl=account.web_acls.get,
        function=functools.partial(_published, account),
    )


def _published(account: Account, arn: str) -> EdgeFunction:
    """The function with that ARN; KeyError if there is none, or if it is not published."""
    for function in account.resources.of_type("AWS::CloudFront::Function"):
        if function.attributes["FunctionARN"] == arn and function.properties.get("AutoPublish"):
            return edge_function(function.properties, function.logical_id)
    raise KeyError(arn)


def key_group(account: Account, group_id: str) -> Mapping[str, str]:
    """The PEMs of a key group's public keys, by key pair ID.

    Raises:
        KeyError: there is no such group.
    """
    backend = cloudfront_backends[account.stack.account_id][account.stack.partition]
    items = backend.key_groups[group_id].items
    return {key_id: backend.public_keys[key_id].encoded_key for key_id in items}


def signer_keys(account: Account, signer: str) -> Mapping[str, str]:
    """The PEMs of a trusted signer's CloudFront key pairs, by key pair ID; it may have none.

    "self" is the account of the distribution.
    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_TrustedSigners.html

    Raises:
        KeyError: there is no such account.
    """
    own = ("self", account.stack.account_id)
    if signer not in own:
        return account.signer_keys[signer]
    return {id_: pem for name in own for id_, pem in account.signer_keys.get(name, {}).items()}


def _config(account: Account, resource_type: str, policy_id: str) -> Mapping[str, Any]:
    for policy in account.resources.of_type(resource_type):
        if policy.ref == policy_id:
            return dict(policy.properties[f"{resource_type.rpartition('::')[2]}Config"])
    raise KeyError(policy_id)


def route(account: Account, request: Request) -> Response:
    """The response of the host that the request names."""
    host = request.host.partition(":")[0]
    for distribution in account.resources.of_type("AWS::CloudFront::Distribution"):
        aliases = distribution.properties["DistributionConfig"].get("Aliases", [])
        if host in (distribution.attributes["DomainName"], *aliases):
            response = account.edges[distribution.ref].answer(request)
            account.count_edge(distribution, response.status_code)
            return response
    for domain in account.resources.of_type("AWS::Cognito::UserPoolDomain"):
        sign_in = _sign_in(account, domain)
        if sign_in.host == host:
            return sign_in.answer(request)
    return _other_answer(account, host, request)


def _other_answer(account: Account, host: str, request: Request) -> Response:
    """The response of a host that viewers do not see, or of one outside the stack."""
    if host in account.existing_origins:
        return existing_answer(account, account.existing_origins[host], request, None)
    if request.host in issuer_hosts(account):
        return stand_in_answer(account, request)
    if is_rest_api(account, host):
        return api_answer(account, host, request)
    if host == _issuer_host(account):
        return _issued(account, request)
    return Response(f"{host} is not a host name of the stack.\n", status=404)


def hosts(account: Account) -> list[str]:
    """The host names that a viewer's browser connects to."""
    names = [
        name
        for distribution in account.resources.of_type("AWS::CloudFront::Distribution")
        for name in (
            distribution.attributes["DomainName"],
            *distribution.properties["DistributionConfig"].get("Aliases", []),
        )
    ]
    names += [
        _sign_in(account, one).host
        for one in account.resources.of_type("AWS::Cognito::UserPoolDomain")
    ]
    issuers = [host.partition(":")[0] for host in issuer_hosts(account)]
    return [*names, *issuers, _issuer_host(account)]


def _issuer_host(account: Account) -> str:
    return f"cognito-idp.{account.stack.region}.{account.stack.url_suffix}"


def _sign_in(account: Account, domain: Resource) -> SignIn:
    if domain.logical_id not in account.sign_ins:
        pool = account.resources.one("AWS::Cognito::UserPool", domain.properties["UserPoolId"])
        clients = account.resources.of_type("AWS::Cognito::UserPoolClient")
        brandings = account.resources.of_type("AWS::Cognito::ManagedLoginBranding")
        account.sign_ins[domain.logical_id] = SignIn(
            domain=domain,
            pool=pool,
            moto_pool=moto_pool(account, pool.ref),
            clients={
                one.ref: one.properties
                for one in clients
                if one.properties["UserPoolId"] == pool.ref
            },
            branded={
                one.properties.get("ClientId", ""): look_of(one.properties) for one in brandings
            },
            authenticators=account.authenticators,
            clock=account.clock.now,
            region=account.stack.region,
        )
        account.sign_ins[domain.logical_id].mail_to(account.mailbox)
        account.sign_ins[domain.logical_id].federate(
            providers(account, pool.ref), functools.partial(fetch, account)
        )
    return account.sign_ins[domain.logical_id]


def _issued(account: Account, request: Request) -> Response:
    """The documents that a user pool publishes about its tokens.

    https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
    """
    pool_id, _, document = request.path.removeprefix("/").partition("/.well-known/")
    pool = account.resources.one("AWS::Cognito::UserPool", pool_id)
    if document == "jwks.json":
        return _json(jwks(account, pool.attributes["Arn"]))
    domains = account.resources.of_type("AWS::Cognito::UserPoolDomain")
    hosts = [
        _sign_in(account, one).host for one in domains if one.properties["UserPoolId"] == pool_id
    ]
    if document != "openid-configuration" or not hosts:
        return Response(status=404)
    return _json(openid_configuration(pool.attributes["ProviderURL"], hosts[0]))


def _json(document: Mapping[str, Any]) -> Response:
    return Response(
        json.dumps(document),
        content_type="application/json",
        headers={"Access-Control-Allow-Origin": "*"},
    )

"""A gRPC server with a health service (grpc.health.v1.Health), on the port that is its argument."""
import sys
from concurrent import futures

import grpc

SERVING, NOT_SERVING = b"\x08\x01", b"\x08\x02"
ANSWERS = {b"": SERVING, b"good": SERVING, b"bad": NOT_SERVING}


def check(request, context):
    # Field 1, a text shorter than 128 bytes: the name of the service.
    name = request[2:]
    if name == b"shy":
        context.abort(grpc.StatusCode.UNAUTHENTICATED, "who are you?")
    if name not in ANSWERS:
        context.abort(grpc.StatusCode.NOT_FOUND, "unknown service")
    return ANSWERS[name]


server = grpc.server(futures.ThreadPoolExecutor(2))
handlers = {"Check": grpc.unary_unary_rpc_method_handler(check)}
server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("grpc.health.v1.Health", handlers)])
server.add_insecure_port(f"127.0.0.1:{sys.argv[1]}")
server.start()
server.wait_for_termination()

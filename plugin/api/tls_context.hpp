// Apart from tls.hpp so that those who use a gateway need not know Poco.
#pragma once

#include <Poco/Net/Context.h>

namespace metakocka::api {

struct TlsContext {
    Poco::Net::Context::Ptr poco;
};

}  // namespace metakocka::api

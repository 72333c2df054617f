#include "sync/erp_limits.hpp"

namespace metakocka::sync {

std::string beyond_limits(const Record&, bool) {
    return {};
}

}  // namespace metakocka::sync

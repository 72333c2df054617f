#include "system_loader.hpp"

namespace crm::detail {

boost::dll::load_mode::type system_load_mode() noexcept {
    return boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local;
}

LoadFailure load_failure(const std::system_error& failure) {
    const std::string text = failure.what();
    return {text, text.find("undefined symbol") != std::string::npos};
}

}  // namespace crm::detail

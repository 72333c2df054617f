// Text as code units, and which characters a person does not see.
#pragma once

#include <string>
#include <string_view>

namespace crm::detail {

// Of valid UTF-8. Anything else gives some text.
std::u16string utf16(std::string_view text);

// Without control characters, which would let a manifest write lines of its own into a log, and without those
// that turn the direction of writing, which would let it show another name than it has.
bool is_plain(std::string_view text);

}  // namespace crm::detail

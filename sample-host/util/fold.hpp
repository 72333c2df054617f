// Text as a searching person means it: without case and without the marks on Latin letters.
#pragma once

#include <string>
#include <string_view>

namespace crm::sample {

// "Žerjav d.o.o." → "zerjav d.o.o."
std::string fold(std::string_view text);

}  // namespace crm::sample

// Every page: the account in the header, forms that act, figures that renew themselves as blocks arrive; the map answers
// to pointer and keys.

import "./account.js";
import { resume } from "./forms.js";
import { follow } from "./live.js";

const map = document.querySelector(".map");
if (map) import("./map.js").then(({ attach }) => attach(map));

if (document.querySelector("[data-live]")) follow(document.body.dataset.stream);

resume();

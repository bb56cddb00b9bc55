// Everything the dashboard runs in the browser, as one bundle; Dash finds its components in window.fuping_map.
import { Address, navigate } from "../address/address.js";
import { AlertForm } from "../alert_form/alert_form.js";
import { Batch } from "../job/batch.js";
import { DraftForm } from "../draft_form/draft_form.js";
import { Field } from "../field/field.js";
import "../figure/save.js";
import "../figure/select.js";
import "../snippet/copy.js";
import { Job } from "../job/job.js";
import { Legend } from "../legend/legend.js";
import { SavedViews } from "../saved_views/saved_views.js";
import { SearchBox } from "../search_box/search_box.js";
import { SendFile } from "../send_file/send_file.js";
import { SmallMaps } from "../small_maps/small_maps.js";
import { Timeline } from "../timeline/timeline.js";
import { MapView, instances } from "./map.js";

window.fuping_map = { Address, AlertForm, Batch, DraftForm, Field, Job, Legend, MapView, SavedViews, SearchBox, SendFile, SmallMaps, Timeline, instances, navigate };

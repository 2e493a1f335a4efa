/** @file Entry of the graph page. */
import "./style.css";
import { App } from "./app.js";
import { markTime } from "./times.js";

markTime("start");

const root = document.getElementById("gradwalk");
if (root) new App(root);
